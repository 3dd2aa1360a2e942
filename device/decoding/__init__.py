"""From grey pictures to the text of codes, by zxing-cpp and zbar together.

The libraries run in a child process (``process``), because a hostile picture may crash or hang C code.
Must not import scanners, camera, messaging, or anything that talks to a network.
"""
