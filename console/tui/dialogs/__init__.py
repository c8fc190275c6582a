"""What opens on top of the main screen. Esc always closes it and changes nothing."""
