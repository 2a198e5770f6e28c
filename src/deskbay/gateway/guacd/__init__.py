"""Desktops by RDP and SSH: guacd speaks with them, and Guacamole's protocol with the browser."""
