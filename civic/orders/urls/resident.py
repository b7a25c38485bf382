from django.urls import path

from civic.orders.pages import resident, resident_draft, resident_feedback, resident_menu

urlpatterns = [
    # The menu, and an order growing question by question; open to guests.
    path("order/", resident_menu.menu, name="menu"),
    path("order/menu/<slug:slug>/", resident_menu.category, name="category"),
    path("order/item/<slug:slug>/", resident_menu.item, name="item"),
    path("order/say/", resident_menu.say, name="say"),
    path("order/tell/", resident_draft.tell, name="tell"),
    path("order/where/", resident_draft.where, name="where"),
    path("order/when/", resident_draft.when, name="when"),
    path("order/contact/", resident_draft.contact, name="contact"),
    path("order/check/", resident_draft.check, name="check"),
    path("order/forget/", resident_draft.forget, name="forget"),
    # One's own orders.
    path("my/orders/", resident.orders, name="mine"),
    path("my/orders/<int:order_id>/", resident.detail, name="detail"),
    path("my/orders/<int:order_id>/placed/", resident.placed, name="placed"),
    path("my/orders/<int:order_id>/again/", resident.again, name="again"),
    path("my/orders/<int:order_id>/repair/", resident.repair, name="repair"),
    path("my/orders/<int:order_id>/change_time/", resident.change_time, name="change_time"),
    path("my/orders/<int:order_id>/withdraw/", resident.withdraw, name="withdraw"),
    path("my/orders/<int:order_id>/review/", resident.review, name="review"),
    path("my/orders/<int:order_id>/dispute/", resident.dispute, name="dispute"),
    path("my/pictures/<uuid:key>/", resident.picture, name="picture"),
    path("my/feedback/", resident_feedback.feedback, name="feedback"),
    path("my/feedback/send/", resident_feedback.send, name="send_feedback"),
]
