"""Computers that report: rooms, enrolment, tokens."""
