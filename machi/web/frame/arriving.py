"""Files on their way in. What is larger than the town takes, or finds no room, is let go by at once; the form still arrives whole,
so that the person reads a sentence beside it and keeps what they typed.

A page that takes long tables says so (`takes_up_to`); everywhere else UPLOAD_MAX_BYTES is the most.
"""
import contextlib
import io
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from machi.files.storing import called


def takes_up_to(most_bytes: int) -> Callable:
    """A page to which somebody who is signed in may send a file of so many bytes. Stands above every other decorator."""
    def say(view: Callable) -> Callable:
        view.takes_bytes = most_bytes
        return view
    return say


def check_whole(file, most_bytes: int) -> None:
    """Raises ValidationError, in words for the person, for a file of which only a part was kept."""
    if file.size > most_bytes:
        raise ValidationError(_("file.too_large") % {"name": called(file), "mb": most_bytes // 1_000_000})
    if getattr(file, "found_no_room", False):
        raise ValidationError(_("file.no_room"))


def _taken_by(request) -> int:
    """How many bytes the page takes that this file was sent to."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return settings.UPLOAD_MAX_BYTES
    try:
        return getattr(resolve(request.path_info).func, "takes_bytes", settings.UPLOAD_MAX_BYTES)
    except Resolver404:
        return settings.UPLOAD_MAX_BYTES


class Arriving(TemporaryFileUploadHandler):
    """A large file goes to the disk while it arrives, under a name that its person had no part in. All files of one form have room for as
    much as its page takes, however many they are.
    """

    left = None                                         # bytes

    def new_file(self, *args, **named):
        FileUploadHandler.new_file(self, *args, **named)
        self.most_bytes = _taken_by(self.request)
        if self.left is None:
            self.left = max(self.most_bytes, settings.UPLOAD_MAX_BYTES * settings.UPLOAD_MAX_COUNT)
        try:
            self.file = TemporaryUploadedFile("arriving", self.content_type, 0, self.charset, self.content_type_extra)
            self.file.name, self.found_no_room = self.file_name, False
        except OSError:                                 # not even room to begin
            self.file = InMemoryUploadedFile(io.BytesIO(), self.field_name, self.file_name, self.content_type, 0, self.charset)
            self.found_no_room = True

    def receive_data_chunk(self, raw_data, start):
        if self.found_no_room or start > self.most_bytes:
            return
        try:
            if (left := self.left - len(raw_data)) < 0:
                raise OSError("no room in this form")
            self.file.write(raw_data)
            self.left = left
        except OSError:
            self.found_no_room = True
            with contextlib.suppress(OSError):          # what is written already makes room again
                self.file.truncate(0)

    def file_complete(self, file_size):
        with contextlib.suppress(OSError):
            self.file.seek(0)
        self.file.size, self.file.found_no_room = file_size, self.found_no_room
        return self.file

    def upload_interrupted(self):
        if isinstance(getattr(self, "file", None), TemporaryUploadedFile):
            super().upload_interrupted()
