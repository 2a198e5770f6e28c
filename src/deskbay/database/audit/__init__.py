"""What was changed and looked at, by whom: written in the same transaction, in a chain that shows when it was cut."""
