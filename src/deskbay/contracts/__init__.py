"""The APIs of older servers, answered by the same services."""
