"""Files on their way in. What is larger than the town takes, or finds no room, is let go by at once; the form still arrives whole,
so that the person reads a sentence beside it and keeps what they typed.
"""
import contextlib
import io

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class Arriving(TemporaryFileUploadHandler):
    """A large file goes to the disk while it arrives, under a name that its person had no part in."""

    def new_file(self, *args, **named):
        FileUploadHandler.new_file(self, *args, **named)
        try:
            self.file = TemporaryUploadedFile("arriving", self.content_type, 0, self.charset, self.content_type_extra)
            self.file.name, self.found_no_room = self.file_name, False
        except OSError:                                 # not even room to begin
            self.file = InMemoryUploadedFile(io.BytesIO(), self.field_name, self.file_name, self.content_type, 0, self.charset)
            self.found_no_room = True

    def receive_data_chunk(self, raw_data, start):
        if not self.found_no_room and start <= settings.UPLOAD_MAX_BYTES:
            try:
                self.file.write(raw_data)
            except OSError:
                self.found_no_room = True
                with contextlib.suppress(OSError):      # what is written already makes room again
                    self.file.truncate(0)

    def file_complete(self, file_size):
        with contextlib.suppress(OSError):
            self.file.seek(0)
        self.file.size, self.file.found_no_room = file_size, self.found_no_room
        return self.file

    def upload_interrupted(self):
        if isinstance(getattr(self, "file", None), TemporaryUploadedFile):
            super().upload_interrupted()
