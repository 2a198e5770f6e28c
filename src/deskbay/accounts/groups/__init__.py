"""Groups of people: who belongs to which, who looks after them, and what may be tracked of their members."""
