"""What a client does with micro-tasks: joined to the namespace `tasks` by urls.py."""
urlpatterns: list = []
