"""The program of a template: ``python -m monitor.workers FD``. ``crew.py`` starts it with its connection as FD."""

import sys
from multiprocessing.connection import Connection

from monitor.workers.worker import begin, run

if __name__ == "__main__":
    begin()
    supervisor = Connection(int(sys.argv[1]))
    sys.path[:], order = supervisor.recv()
    run(supervisor, order)
