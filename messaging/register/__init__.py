"""What another register and the station say to each other, by MQTT and over HTTP alike (row 195).

``asked`` holds what a register asks for, ``answered`` what it gets, ``envelope`` how both travel by MQTT;
over HTTP the same bodies travel bare. No contact data in any of them but a number that is asked about.
"""
