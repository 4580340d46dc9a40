from __future__ import annotations

from django.urls import path

from samsyn.organisations import views

app_name = "organisations"
urlpatterns = [
    path("", views.organisation_list, name="list"),
    path("new/", views.organisation_create, name="create"),
    path("<int:pk>/", views.organisation_detail, name="detail"),
    path("<int:pk>/change/", views.organisation_change, name="change"),
    path("<int:pk>/arrange/", views.organisation_arrange, name="arrange"),
    path("<int:pk>/contacts/new/", views.contact_add),
    path("<int:pk>/agreements/new/", views.agreement_add, name="agreement-add"),
    path("<int:pk>/people/new/", views.membership_add, name="membership-add"),
    path("<int:pk>/assignments/new/", views.assignment_add, name="assignment-add"),
    path("assignments/<int:pk>/end/", views.assignment_remove, name="assignment-end"),
    path("agreements/<int:pk>/accept/", views.agreement_accept, name="agreement-accept"),
    path("agreements/<int:pk>/decline/", views.agreement_withdraw, name="agreement-withdraw"),
    path("agreements/<int:pk>/take-back/", views.offer_take_back, name="offer-take-back"),
    path("agreements/<int:pk>/end/", views.agreement_end, name="agreement-end"),
    path("contacts/<int:pk>/remove/", views.contact_remove, name="contact-remove"),
    path("people/<int:pk>/end/", views.membership_remove, name="membership-end"),
    path("people/invited/<int:pk>/end/", views.role_take_back, name="role-take-back"),
]
