"""Code that ships: which files of a folder, and the wheel that is built from them."""

from constructs_lib.wheels.build import built
from constructs_lib.wheels.files import files_of, folder_of
from constructs_lib.wheels.wheel_file import WheelFile

__all__ = ["WheelFile", "built", "files_of", "folder_of"]
