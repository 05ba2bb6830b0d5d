"""Entry point of ``python -m regnet``, the same as the command ``regnet``."""

from regnet.cli import run

if __name__ == "__main__":
    run()
