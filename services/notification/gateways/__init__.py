"""Outside carriers behind ports: SMS gateways, mail servers, the print queue."""
