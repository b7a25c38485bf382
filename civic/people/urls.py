from django.urls import path

from civic.people.pages import mine, second_step, signing

app_name = "people"
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-in/code/", signing.code, name="code"),
    path("sign-in/resend/", signing.resend, name="resend"),
    path("sign-in/password/", signing.password, name="password"),
    path("sign-in/demo/", signing.demo, name="demo"),
    path("sign-in/second/", second_step.second_step, name="second_step"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("my/profile/", mine.profile, name="profile"),
    path("my/home/", mine.home, name="home"),
    path("my/sign-ins/", mine.sign_ins, name="sign_ins"),
    path("my/sign-ins/<int:sign_in_id>/end/", mine.end_sign_in, name="end_sign_in"),
    path("my/password/", mine.new_password, name="new_password"),
    path("my/consents/", mine.consents, name="consents"),
    path("my/consents/<slug:purpose>/", mine.consent, name="consent"),
    path("my/data/", mine.own_data, name="data"),
    path("my/data/file/", mine.data_file, name="data_file"),
    path("my/close/", mine.close, name="close"),
]
