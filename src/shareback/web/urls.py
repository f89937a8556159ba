"""The addresses of the site; a programme's name may hold any character, slashes too."""

from django.urls import include, path

from shareback.web import downloads, log_files, views

urlpatterns = [
    path("api/", include("shareback.api.urls")),
    path("", views.home, name="home"),
    path("log/<int:number>/checkpoint", log_files.checkpoint, name="checkpoint"),
    path("log/<int:number>/checkpoint/<int:size>", log_files.checkpoint, name="checkpoint_of"),
    path("log/<int:number>/tile/<int:level>/<path:path>", log_files.tile, name="tile"),
    path("p/<path:name>/proofs/days.csv", downloads.days_file, name="days_file"),
    path(
        "p/<path:name>/proofs/checkpoints.json",
        downloads.checkpoints_file,
        name="checkpoints_file",
    ),
    path("p/<path:name>/proofs/programme.toml", downloads.terms_file, name="terms_file"),
    path("p/<path:name>/proofs/", views.proofs, name="proofs"),
    path("p/<path:name>/members/<int:number>/", views.member, name="member"),
    path("p/<path:name>/members/", views.members, name="members"),
    path("p/<path:name>/days/", views.days, name="days"),
    path("p/<path:name>/", views.programme, name="programme"),
]

handler404 = "shareback.web.views.missing"
handler500 = "shareback.web.views.failed"
