"""The ground floor: time, secrets, problems, paging, events. Imports nothing of ours."""
