from django.urls import path

from machi.web.pages.profiles.views import beginning, editing, reading

app_name = "profiles"
urlpatterns = [
    path("people/<int:pk>/", reading.public, name="public"),
    path("people/<int:pk>/reviews/", reading.reviews, name="reviews"),
    path("people/<int:pk>/thanks/", reading.thanks, name="thanks"),
    path("me/", editing.me, name="me"),
    path("me/begin/", beginning.begin, name="begin"),
    path("me/begin/done/", beginning.begun, name="begun"),
    path("me/begin/<slug:asked>/", beginning.question, name="question"),
    path("me/expert/", beginning.expert, name="expert"),
    path("me/preview/", reading.preview, name="preview"),
    path("me/evenings/", editing.evenings, name="evenings"),
    path("me/topics/", editing.topics, name="topics"),
    path("me/skills/", editing.skills, name="skills"),
    path("me/write/<slug:line>/", editing.line, name="line"),
    path("me/unsaved/<slug:line>/", editing.unsaved, name="unsaved"),
    path("me/<slug:kind>/add/", editing.add, name="add"),
    path("me/<slug:kind>/<int:pk>/", editing.change, name="change"),
    path("me/<slug:kind>/<int:pk>/move/", editing.move, name="move"),
    path("me/<slug:kind>/<int:pk>/remove/", editing.remove, name="remove"),
]
