//! `aws_scheduler_schedule`: starts something at a time, or again and again.

use aws_sdk_scheduler::operation::get_schedule::GetScheduleOutput;
use aws_sdk_scheduler::types::{
    ActionAfterCompletion, FlexibleTimeWindow as ApiWindow, FlexibleTimeWindowMode, ScheduleState,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::cost;
use super::target::Target;
use crate::failure::{Outcome as _, Sent, has_code, incomplete, says};
use crate::many::each;
use crate::platform::Aws;
use crate::waiting::propagated;
use crate::{check, names};

const ABSENT: &[&str] = &["ResourceNotFoundException"];
const WINDOWS: &[&str] = &["OFF", "FLEXIBLE"];

/// Starts something at a time, or again and again.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// Its name, of which its group has one. One that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// The group that it is in.
    #[mesh(default = "default".to_owned(), replace)]
    pub group_name: String,
    /// When: `rate(1 hour)`, `cron(0 6 * * ? *)` or `at(2027-01-31T06:00:00)`.
    pub schedule_expression: String,
    /// The time zone of the expression, such as `Europe/Berlin`.
    #[mesh(default = "UTC".to_owned())]
    pub schedule_expression_timezone: String,
    /// How exactly it keeps to the time.
    #[mesh(block)]
    pub flexible_time_window: Window,
    /// What it starts.
    #[mesh(block)]
    pub target: Target,
    /// What it is for.
    pub description: Option<String>,
    /// From when on, such as `2027-01-01T00:00:00Z`.
    pub start_date: Option<String>,
    /// Until when.
    pub end_date: Option<String>,
    /// `ENABLED` or `DISABLED`.
    #[mesh(default = "ENABLED".to_owned())]
    pub state: String,
    /// What happens to the schedule after its last time: `NONE` or `DELETE`.
    #[mesh(optional)]
    pub action_after_completion: Computed<String>,
    /// The ARN of the key that encrypts what the target is told.
    pub kms_key_arn: Option<String>,
    /// The group's and the schedule's name, joined by `/`.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// How exactly a schedule keeps to its time.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// `OFF`, to the minute, or `FLEXIBLE`, within a window.
    pub mode: String,
    /// How many minutes the window has: 1 to 1440.
    pub maximum_window_in_minutes: Option<i32>,
}

/// The resource type `aws_scheduler_schedule`.
pub(crate) struct ScheduleType;

/// What a create and an update send, which is the same.
macro_rules! filled {
    ($call:expr, $schedule:expr, $name:expr) => {
        $call
            .name($name)
            .group_name(&$schedule.group_name)
            .schedule_expression(&$schedule.schedule_expression)
            .schedule_expression_timezone(&$schedule.schedule_expression_timezone)
            .flexible_time_window($schedule.window()?)
            .target($schedule.target.to_api()?)
            .set_description($schedule.description.clone())
            .set_start_date(time("start_date", $schedule.start_date.as_deref())?)
            .set_end_date(time("end_date", $schedule.end_date.as_deref())?)
            .state(ScheduleState::from($schedule.state.as_str()))
            .set_action_after_completion(
                $schedule.action_after_completion.known().map(|action| ActionAfterCompletion::from(action.as_str())),
            )
            .set_kms_key_arn($schedule.kms_key_arn.clone())
    };
}

impl Schedule {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, self.name_prefix.as_deref(), token)
    }

    fn window(&self) -> Result<ApiWindow, Failure> {
        let window = &self.flexible_time_window;
        ApiWindow::builder()
            .mode(FlexibleTimeWindowMode::from(window.mode.as_str()))
            .set_maximum_window_in_minutes(window.maximum_window_in_minutes)
            .build()
            .map_err(incomplete)
    }

    /// The schedule as AWS has it.
    fn seen(mut self, found: &GetScheduleOutput) -> Self {
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let name = found.name().map_or_else(|| self.name(""), str::to_owned);
        self.group_name = found.group_name().unwrap_or("default").to_owned();
        self.schedule_expression = found.schedule_expression().unwrap_or_default().to_owned();
        self.schedule_expression_timezone = found.schedule_expression_timezone().unwrap_or("UTC").to_owned();
        if let Some(window) = found.flexible_time_window() {
            self.flexible_time_window = Window {
                mode: window.mode().as_str().to_owned(),
                maximum_window_in_minutes: window.maximum_window_in_minutes(),
            };
        }
        if let Some(target) = found.target() {
            self.target = Target::of(target, Some(&self.target));
        }
        self.description = text(found.description());
        self.start_date = same_time(self.start_date.take(), found.start_date());
        self.end_date = same_time(self.end_date.take(), found.end_date());
        self.state = found.state().map_or("ENABLED", ScheduleState::as_str).to_owned();
        let action = found.action_after_completion().map_or("NONE", ActionAfterCompletion::as_str);
        self.action_after_completion = Computed::Known(action.to_owned());
        self.kms_key_arn = text(found.kms_key_arn());
        self.id = Computed::Known(format!("{}/{name}", self.group_name));
        self.arn = text(found.arn()).into();
        self.name = Computed::Known(name);
        self
    }

    /// Whether everything that was written is there.
    fn is_as(&self, found: &Self) -> bool {
        let written = |schedule: &Self| Self {
            name: Computed::Null,
            name_prefix: None,
            action_after_completion: Computed::Null,
            id: Computed::Null,
            arn: Computed::Null,
            ..schedule.clone()
        };
        written(self) == written(found)
    }

    async fn read(self, aws: &Aws, name: &str) -> Result<Option<Self>, Failure> {
        Ok(find(aws, &self.group_name, name).await?.map(|found| self.seen(&found)))
    }
}

impl ResourceType for ScheduleType {
    const NAME: &'static str = "aws_scheduler_schedule";
    const PERMISSIONS: Permissions = Permissions {
        read: &["scheduler:GetSchedule"],
        create: &["iam:PassRole", "scheduler:CreateSchedule"],
        update: &["iam:PassRole", "scheduler:UpdateSchedule"],
        delete: &["scheduler:DeleteSchedule"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    type Model = Schedule;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::exclusive(config, "name", "name_prefix");
        problems.extend(check::one_of(config, "state", &["ENABLED", "DISABLED"]));
        problems.extend(check::one_of(config, "action_after_completion", &["NONE", "DELETE"]));
        let expression = config.get("schedule_expression").and_then(Value::as_str);
        let known =
            |text: &str| ["rate(", "cron(", "at("].iter().any(|kind| text.starts_with(kind)) && text.ends_with(')');
        if let Some(text) = expression.filter(|text| !known(text)) {
            let detail = format!(
                "`schedule_expression` is \"{text}\"; write one like `rate(1 hour)`, `cron(0 6 * * ? *)` or \
                 `at(2027-01-31T06:00:00)`."
            );
            let problem = ProviderDiagnostic::error("Invalid schedule", detail);
            problems.push(problem.at(AttributePath::attr("schedule_expression")));
        }
        for name in ["start_date", "end_date"] {
            let failed = time(name, config.get(name).and_then(Value::as_str)).err();
            problems.extend(failed.into_iter().flat_map(|failure| failure.0));
        }
        if let Some(window) = config.get("flexible_time_window").filter(|window| !window.is_null()) {
            let at = AttributePath::attr("flexible_time_window");
            let mut found = check::one_of(window, "mode", WINDOWS);
            found.extend(check::within(window, "maximum_window_in_minutes", 1, 1440));
            let minutes = window.get("maximum_window_in_minutes").filter(|minutes| minutes.is_known());
            let mode = window.get("mode").and_then(Value::as_str);
            if mode.zip(minutes).is_some_and(|(mode, minutes)| (mode == "FLEXIBLE") == minutes.is_null()) {
                let detail = "A window needs `maximum_window_in_minutes` where `mode` is \"FLEXIBLE\", and only there.";
                found.push(ProviderDiagnostic::error("Invalid time window", detail));
            }
            problems.extend(found.into_iter().map(|problem| problem.at(at.clone())));
        }
        problems
    }

    async fn plan(_aws: &Aws, draft: &mut Draft<'_>) {
        if draft.is_create()
            && let Some((group, name)) =
                draft.planned_as::<String>("group_name").zip(draft.planned_as::<String>("name"))
        {
            draft.set("id", &format!("{group}/{name}"));
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    async fn create(aws: &Aws, planned: Schedule, operation: &Operation) -> Result<Schedule, ChangeError<Schedule>> {
        let name = planned.name(&operation.token);
        let call = filled!(aws.scheduler().create_schedule(), planned, &name).client_token(&operation.token);
        let sent = propagated(
            operation,
            "scheduler:CreateSchedule",
            |error| has_code(error, &["ValidationException"]) && says(error, "role"),
            || call.clone().send(),
        );
        match sent.await.sent("scheduler:CreateSchedule", &["ConflictException"]) {
            Sent::Done(_) => {}
            Sent::Taken(_) => match Self::locate(aws, planned.clone(), &operation.token).await? {
                Found::Complete(ours) => return Ok(ours),
                _ => return Err(names::taken("schedule", &name, "its group, `/` and its name").into()),
            },
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        match planned.clone().read(aws, &name).await {
            Ok(Some(schedule)) => Ok(schedule),
            Ok(None) => Err(names::vanished("schedule", &name).into()),
            Err(failure) => {
                let made = GetScheduleOutput::builder().name(&name).group_name(&planned.group_name).build();
                Err(ChangeError::leaving(failure, planned.seen(&made)))
            }
        }
    }

    async fn read(aws: &Aws, current: Vec<Schedule>) -> Vec<Result<Option<Schedule>, Failure>> {
        // A list of schedules lacks all but their names.
        each(current, |schedule| async {
            let name = schedule.name("");
            schedule.read(aws, &name).await
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Schedule,
        planned: Schedule,
        operation: &Operation,
    ) -> Result<Schedule, ChangeError<Schedule>> {
        let name = prior.name(&operation.token);
        let call = filled!(aws.scheduler().update_schedule(), planned, &name);
        call.send().await.calling("scheduler:UpdateSchedule")?;
        Ok(planned.read(aws, &name).await?.ok_or_else(|| names::vanished("schedule", &name))?)
    }

    async fn delete(aws: &Aws, prior: Schedule, operation: &Operation) -> Result<(), Failure> {
        let call = aws.scheduler().delete_schedule().group_name(&prior.group_name).name(prior.name(&operation.token));
        call.send().await.gone("scheduler:DeleteSchedule", ABSENT)
    }

    /// A schedule has no tags, so one that is just as planned is taken for the one that was to be made.
    async fn locate(aws: &Aws, planned: Schedule, token: &str) -> Result<Found<Schedule>, Failure> {
        let found = planned.clone().read(aws, &planned.name(token)).await?;
        Ok(found.filter(|found| planned.is_as(found)).map_or(Found::Absent, Found::Complete))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Schedule, Failure> {
        let absent = || names::nothing_to_import("schedule", id, "its group, `/` and its name");
        let (group, name) = id.split_once('/').ok_or_else(absent)?;
        let found = find(aws, group, name).await?.ok_or_else(absent)?;
        let target = found.target().ok_or_else(absent)?;
        let nothing = Schedule {
            name: Computed::Unknown,
            name_prefix: None,
            group_name: group.to_owned(),
            schedule_expression: String::new(),
            schedule_expression_timezone: String::new(),
            flexible_time_window: Window { mode: String::new(), maximum_window_in_minutes: None },
            target: Target::of(target, None),
            description: None,
            start_date: None,
            end_date: None,
            state: String::new(),
            action_after_completion: Computed::Unknown,
            kms_key_arn: None,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        };
        Ok(nothing.seen(&found))
    }
}

async fn find(aws: &Aws, group: &str, name: &str) -> Result<Option<GetScheduleOutput>, Failure> {
    let answer = aws.scheduler().get_schedule().group_name(group).name(name).send().await;
    answer.found("scheduler:GetSchedule", ABSENT)
}

/// A written time.
fn time(name: &str, written: Option<&str>) -> Result<Option<DateTime>, Failure> {
    let Some(written) = written else { return Ok(None) };
    DateTime::from_str(written, Format::DateTimeWithOffset).map(Some).map_err(|_| {
        let detail = format!("`{name}` is \"{written}\"; write a time like `2027-01-31T06:00:00Z`.");
        Failure::new("Invalid time", detail).at(&AttributePath::attr(name))
    })
}

/// A time as it is written, where the platform's is the same.
fn same_time(written: Option<String>, found: Option<&DateTime>) -> Option<String> {
    let found = found?;
    let is_same =
        |text: &String| time("", Some(text)).is_ok_and(|time| time.is_some_and(|time| time.secs() == found.secs()));
    written.filter(is_same).or_else(|| found.fmt(Format::DateTime).ok())
}
