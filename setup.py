"""What pyproject.toml cannot say: the folder models/ is installed as regnet/models."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["regnet*", "gui*"]), "regnet.models"],
    package_dir={"regnet.models": "models"},
)
