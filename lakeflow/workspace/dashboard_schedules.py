"""When a dashboard is refreshed and who is sent it: https://docs.databricks.com/api/workspace/lakeview/createschedule.

A schedule is kept, and sends nothing.
"""

from lakeflow.workspace.exchange import Json, RefusedError, Request, Route, Routes, missing
from lakeflow.workspace.fields import document, fields, text
from lakeflow.workspace.masks import moment
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State, Table

_SCHEDULE = fields(
    cron_schedule=fields(quartz_cron_expression=text, timezone_id=text),
    display_name=text,
    pause_status=text,
    warehouse_id=text,
    etag=text,
)
_SUBSCRIPTION = fields(subscriber=document)


class DashboardSchedules:
    """Schedules of dashboards, and the subscribers of each."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._dashboards = Table(state, "dashboards", "Dashboard", kind="dashboards")
        self._schedules = state.tables["dashboard_schedules"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/lakeview/dashboards/{id}/schedules"
        one = f"{path}/{{schedule}}"
        subscriptions = f"{one}/subscriptions"
        return {
            f"POST {path}": Route("keep a schedule of a dashboard", self._create, _SCHEDULE),
            f"GET {path}": Route("list the schedules of a dashboard", self._list),
            f"GET {one}": Route("read a schedule", lambda request: _shown(self._schedule(request))),
            f"PUT {one}": Route("replace a schedule", self._update, _SCHEDULE),
            f"DELETE {one}": Route("delete a schedule with its subscriptions", self._delete),
            f"POST {subscriptions}": Route("subscribe somebody to a schedule", self._subscribe, _SUBSCRIPTION),
            f"GET {subscriptions}": Route("list the subscriptions of a schedule", self._subscriptions),
            f"GET {subscriptions}/{{subscription}}": Route("read a subscription", self._subscription),
            f"DELETE {subscriptions}/{{subscription}}": Route("delete a subscription", self._unsubscribe),
        }

    def _of(self, request: Request) -> Json:
        """Return the schedules of a dashboard by their ids."""
        key = self._dashboards[request.parts["id"]]["dashboard_id"]
        held: Json = self._schedules.get(key, {})
        return held

    def _schedule(self, request: Request) -> Json:
        held, key = self._of(request), request.parts["schedule"]
        if key not in held:
            raise missing(f"Schedule {key} does not exist.")
        schedule: Json = held[key]
        return schedule

    def _create(self, request: Request) -> Json:
        held, key = self._of(request), self._state.next_uuid()
        held[key] = {
            "pause_status": "UNPAUSED",
            **request.body,
            "schedule_id": key,
            "dashboard_id": request.parts["id"],
            "create_time": moment(request.at),
            "subscriptions": {},
        }
        self._schedules[request.parts["id"]] = held
        return self._changed(held[key], request)

    def _changed(self, schedule: Json, request: Request) -> Json:
        schedule.update(update_time=moment(request.at), etag=str(self._state.next_number()))
        return _shown(schedule)

    def _list(self, request: Request) -> Json:
        return page([_shown(schedule) for schedule in self._of(request).values()], request, "schedules")

    def _update(self, request: Request) -> Json:
        schedule = self._schedule(request)
        if request.body.get("etag", schedule["etag"]) != schedule["etag"]:
            raise RefusedError(
                409, "ABORTED", f"Schedule {schedule['schedule_id']} has been changed since it was read."
            )
        schedule.update(request.body)
        return self._changed(schedule, request)

    def _delete(self, request: Request) -> Json:
        self._schedule(request)  # or there is none
        held = self._of(request)
        del held[request.parts["schedule"]]
        if not held:
            del self._schedules[request.parts["id"]]
        return {}

    def _subscribe(self, request: Request) -> Json:
        schedule, key = self._schedule(request), self._state.next_uuid()
        schedule["subscriptions"][key] = {
            "subscription_id": key,
            "schedule_id": schedule["schedule_id"],
            "dashboard_id": schedule["dashboard_id"],
            "subscriber": request.block("subscriber"),
            "created_by_user_id": 1,
            "create_time": moment(request.at),
            "update_time": moment(request.at),
            "etag": str(self._state.next_number()),
        }
        subscription: Json = schedule["subscriptions"][key]
        return subscription

    def _subscriptions(self, request: Request) -> Json:
        return page(self._schedule(request)["subscriptions"].values(), request, "subscriptions")

    def _subscription(self, request: Request) -> Json:
        held, key = self._schedule(request)["subscriptions"], request.parts["subscription"]
        if key not in held:
            raise missing(f"Subscription {key} does not exist.")
        subscription: Json = held[key]
        return subscription

    def _unsubscribe(self, request: Request) -> Json:
        self._subscription(request)  # or there is none
        del self._schedule(request)["subscriptions"][request.parts["subscription"]]
        return {}


def _shown(schedule: Json) -> Json:
    return {name: value for name, value in schedule.items() if name != "subscriptions"}
