"""What the panes show, as lines of text: functions of values alone, which know no widget and no clock."""
