openbox --config-file /opt/deskbay/browser/rc.xml --startup "sh /opt/deskbay/browser/startup.sh"
