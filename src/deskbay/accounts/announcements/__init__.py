"""What administrators have people know."""
