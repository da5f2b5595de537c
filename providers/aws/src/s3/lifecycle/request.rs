//! Rules as S3 takes and hands them back.

use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleAndOperator,
    LifecycleRuleFilter, NoncurrentVersionExpiration, NoncurrentVersionTransition, Tag, Transition as S3Transition,
    TransitionStorageClass,
};
use aws_smithy_types::date_time::Format;
use mesh_provider::Failure;

use super::super::tag_list;
use super::model::{
    Abort, And, Expiration, Filter, FilterTag, NoncurrentExpiration, NoncurrentTransition, Rule, Transition,
};
use crate::failure::incomplete;

/// The moment that a date names.
pub(super) fn day(date: &str) -> Option<DateTime> {
    DateTime::from_str(date, Format::DateTimeWithOffset).ok()
}

fn text(moment: &DateTime) -> String {
    // What comes from S3 is in the years that can be written.
    moment.fmt(Format::DateTime).unwrap_or_default()
}

impl Rule {
    /// The rule that S3 has.
    pub(super) fn seen(rule: &LifecycleRule) -> Self {
        let expiration = |own: &LifecycleExpiration| Expiration {
            date: own.date().map(text),
            // With a marker, stores may say zero days where there are none.
            days: own.days().filter(|days| *days > 0),
            expired_object_delete_marker: own.expired_object_delete_marker().filter(|marker| *marker),
        };
        let transition = |own: &S3Transition| Transition {
            date: own.date().map(text),
            days: own.days().or_else(|| own.date().is_none().then_some(0)),
            storage_class: class(own.storage_class()),
        };
        let old_expiration = |own: &NoncurrentVersionExpiration| NoncurrentExpiration {
            noncurrent_days: own.noncurrent_days().unwrap_or_default(),
            newer_noncurrent_versions: own.newer_noncurrent_versions().filter(|newer| *newer > 0),
        };
        let old_transition = |own: &NoncurrentVersionTransition| NoncurrentTransition {
            noncurrent_days: own.noncurrent_days().unwrap_or_default(),
            newer_noncurrent_versions: own.newer_noncurrent_versions().filter(|newer| *newer > 0),
            storage_class: class(own.storage_class()),
        };
        let abort = |own: &AbortIncompleteMultipartUpload| Abort {
            days_after_initiation: own.days_after_initiation().unwrap_or_default(),
        };
        #[expect(deprecated, reason = "rules that were made long ago have it")]
        let prefix = rule.prefix().filter(|prefix| !prefix.is_empty()).map(str::to_owned);
        Self {
            id: rule.id().unwrap_or_default().to_owned(),
            status: rule.status().as_str().to_owned(),
            prefix,
            filter: rule.filter().map(Filter::seen),
            expiration: rule.expiration().map(expiration),
            transition: rule.transitions().iter().map(transition).collect(),
            noncurrent_version_expiration: rule.noncurrent_version_expiration().map(old_expiration),
            noncurrent_version_transition: rule.noncurrent_version_transitions().iter().map(old_transition).collect(),
            abort_incomplete_multipart_upload: rule.abort_incomplete_multipart_upload().map(abort),
        }
    }

    /// The rule as S3 takes it.
    pub(super) fn request(&self) -> Result<LifecycleRule, Failure> {
        let expiration = self.expiration.as_ref().map(|own| {
            LifecycleExpiration::builder()
                .set_date(own.date.as_deref().and_then(day))
                .set_days(own.days)
                .set_expired_object_delete_marker(own.expired_object_delete_marker.filter(|marker| *marker))
                .build()
        });
        let transitions = self.transition.iter().map(|own| {
            S3Transition::builder()
                .set_date(own.date.as_deref().and_then(day))
                .set_days(own.days)
                .storage_class(TransitionStorageClass::from(own.storage_class.as_str()))
                .build()
        });
        let old_expiration = self.noncurrent_version_expiration.as_ref().map(|own| {
            NoncurrentVersionExpiration::builder()
                .noncurrent_days(own.noncurrent_days)
                .set_newer_noncurrent_versions(own.newer_noncurrent_versions)
                .build()
        });
        let old_transitions = self.noncurrent_version_transition.iter().map(|own| {
            NoncurrentVersionTransition::builder()
                .noncurrent_days(own.noncurrent_days)
                .set_newer_noncurrent_versions(own.newer_noncurrent_versions)
                .storage_class(TransitionStorageClass::from(own.storage_class.as_str()))
                .build()
        });
        let abort = self.abort_incomplete_multipart_upload.as_ref().map(|own| {
            AbortIncompleteMultipartUpload::builder().days_after_initiation(own.days_after_initiation).build()
        });
        let some = |transitions: Vec<_>| Some(transitions).filter(|transitions: &Vec<_>| !transitions.is_empty());
        let old_transitions: Vec<_> = old_transitions.collect();
        let rule = LifecycleRule::builder()
            .id(&self.id)
            .status(ExpirationStatus::from(self.status.as_str()))
            .set_expiration(expiration)
            .set_transitions(some(transitions.collect()))
            .set_noncurrent_version_expiration(old_expiration)
            .set_noncurrent_version_transitions(Some(old_transitions).filter(|old| !old.is_empty()))
            .set_abort_incomplete_multipart_upload(abort);
        // Exactly one of prefix and filter; the empty prefix is that of all objects.
        let filter = match (&self.prefix, &self.filter) {
            (Some(prefix), _) => LifecycleRuleFilter::builder().prefix(prefix).build(),
            (None, Some(filter)) => filter.request()?,
            (None, None) => LifecycleRuleFilter::builder().prefix("").build(),
        };
        rule.filter(filter).build().map_err(incomplete)
    }
}

impl Filter {
    fn seen(filter: &LifecycleRuleFilter) -> Self {
        let tag = |tag: &Tag| FilterTag { key: tag.key().to_owned(), value: tag.value().to_owned() };
        let and = |and: &LifecycleRuleAndOperator| {
            let tags = and.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned()));
            And {
                prefix: and.prefix().filter(|prefix| !prefix.is_empty()).map(str::to_owned),
                object_size_greater_than: and.object_size_greater_than(),
                object_size_less_than: and.object_size_less_than(),
                tags: Some(tags.collect()).filter(|_| !and.tags().is_empty()),
            }
        };
        Self {
            prefix: filter.prefix().filter(|prefix| !prefix.is_empty()).map(str::to_owned),
            object_size_greater_than: filter.object_size_greater_than(),
            object_size_less_than: filter.object_size_less_than(),
            tag: filter.tag().map(tag),
            and: filter.and().map(and),
        }
    }

    fn request(&self) -> Result<LifecycleRuleFilter, Failure> {
        let filter = LifecycleRuleFilter::builder();
        if let Some(own) = &self.and {
            let tags = own.tags.as_ref().map(tag_list).transpose()?;
            let and = LifecycleRuleAndOperator::builder()
                .set_prefix(own.prefix.clone())
                .set_object_size_greater_than(own.object_size_greater_than)
                .set_object_size_less_than(own.object_size_less_than)
                .set_tags(tags.filter(|tags| !tags.is_empty()))
                .build();
            return Ok(filter.and(and).build());
        }
        if let Some(FilterTag { key, value }) = &self.tag {
            return Ok(filter.tag(Tag::builder().key(key).value(value).build().map_err(incomplete)?).build());
        }
        let sized = self.object_size_greater_than.is_some() || self.object_size_less_than.is_some();
        let prefix = self.prefix.clone().or_else(|| (!sized).then(String::new));
        let filter = filter
            .set_prefix(prefix)
            .set_object_size_greater_than(self.object_size_greater_than)
            .set_object_size_less_than(self.object_size_less_than);
        Ok(filter.build())
    }
}

fn class(class: Option<&TransitionStorageClass>) -> String {
    class.map_or("", TransitionStorageClass::as_str).to_owned()
}
