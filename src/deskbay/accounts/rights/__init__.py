"""Who may do what, and to whose things."""
