from django.urls import path

from civic.venues.pages import circle, files, imports, public, rooms, tree

app_name = "venues"
FILE = "desk/venues/<int:venue_id>/"
PLACE = "desk/places/<int:place_id>/"
urlpatterns = [
    path("venues/", public.find, name="find"),
    path("venues/near/", public.near, name="near"),
    path("venues/<int:venue_id>/", public.detail, name="detail"),
    path("venues/rooms/<int:room_id>/", public.room_week, name="room_week"),
    path("venues/photos/<int:photo_id>/", files.photo, name="photo"),
    # S6 the files.
    path("desk/venues/", files.files, name="files"),
    path(FILE, files.file, name="file"),
    path(f"{FILE}edit/", files.edit_venue, name="edit_venue"),
    path(f"{FILE}hours/", files.set_hours, name="set_hours"),
    path(f"{FILE}photos/", files.add_photo, name="add_photo"),
    path("desk/photos/<int:photo_id>/remove/", files.remove_photo, name="remove_photo"),
    path(f"{FILE}rooms/", files.add_room, name="add_room"),
    path(f"{FILE}close/", files.close_venue, name="close_venue"),
    path("desk/rooms/<int:room_id>/edit/", files.edit_room, name="edit_room"),
    path("desk/rooms/<int:room_id>/close/", files.close_room, name="close_room"),
    # Rooms.
    path("desk/rooms/", rooms.rooms, name="rooms"),
    path("desk/rooms/<int:room_id>/", rooms.room_bookings, name="room_bookings"),
    path("desk/rooms/<int:room_id>/book/", rooms.book, name="book"),
    path("desk/bookings/<int:booking_id>/cancel/", rooms.cancel_booking, name="cancel_booking"),
    path("desk/series/<int:series_id>/cancel/", rooms.cancel_series, name="cancel_series"),
    # A6 imports.
    path("desk/imports/", imports.imports, name="imports"),
    path("desk/imports/new/", imports.upload, name="upload"),
    path("desk/imports/template/", imports.template, name="template"),
    path("desk/imports/export/", imports.export, name="export"),
    path("desk/imports/<int:batch_id>/", imports.batch, name="batch"),
    path("desk/imports/<int:batch_id>/apply/", imports.apply, name="apply"),
    path("desk/imports/<int:batch_id>/drop/", imports.drop, name="drop"),
    path("desk/imports/<int:batch_id>/undo/", imports.undo, name="undo"),
    path("desk/imports/<int:batch_id>/failed/", imports.failed, name="failed"),
    # The 15-minute circle.
    path("desk/circle/", circle.circle, name="circle"),
    path("desk/circle/places/", circle.circle_places, name="circle_places"),
    path("desk/circle/points/", circle.circle_points, name="circle_points"),
    path("desk/circle/ask/", circle.ask_circle, name="ask_circle"),
    path("desk/circle/export/", circle.export_circle, name="export_circle"),
    # A1 the tree.
    path("desk/places/", tree.tree, name="tree"),
    path(PLACE, tree.place, name="place"),
    path(f"{PLACE}add/", tree.add_place, name="add_place"),
    path(f"{PLACE}rename/", tree.rename_place, name="rename_place"),
    path(f"{PLACE}merge/", tree.merge_place, name="merge_place"),
    path(f"{PLACE}close/", tree.close_place, name="close_place"),
    path(f"{PLACE}alias/", tree.add_alias, name="add_alias"),
    path("desk/aliases/<int:alias_id>/remove/", tree.remove_alias, name="remove_alias"),
    path(f"{PLACE}open/", files.open_venue, name="open_venue"),
]
