openbox --startup "sh /opt/deskbay/desktop/startup.sh"
