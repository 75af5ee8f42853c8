"""The processes of a trial: servers, peers and services that can be killed, stopped and cut off."""
