"""``python -m meridian``."""

from meridian.cli import main

if __name__ == "__main__":
    main(prog_name="meridian")
