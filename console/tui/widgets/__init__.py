"""The panes and bars of the main screen. Each draws lines of its own and repaints only the cells that changed."""
