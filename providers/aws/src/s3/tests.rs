//! What no emulator does: a bucket that is busy with another change, and one that is in another region.

use std::path::Path;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::body::SdkBody;
use mesh_provider::{Computed, DataSourceType as _, Operation, ResourceType as _, Stop};

use super::bucket_region;
use super::data::{BucketData, BucketDataType};
use super::public_access_block::PublicAccessBlock;
use super::setting::SettingType;
use crate::config::AwsConfig;
use crate::platform::Aws;
use crate::replay::Replies;

/// A platform that gets these replies: a status, a header, and a body.
async fn replaying(replies: &[(u16, (&'static str, &'static str), &'static str)]) -> (Aws, Replies) {
    let event = |(status, (name, value), body): &(u16, (&'static str, &'static str), &'static str)| {
        let mut response = HttpResponse::new((*status).try_into().unwrap(), SdkBody::from(*body));
        response.headers_mut().insert(*name, *value);
        response
    };
    let http = Replies::new(replies.iter().map(event));
    let text = |text: &str| Some(text.to_owned());
    let config = AwsConfig {
        region: text("us-east-1"),
        access_key: text("test"),
        secret_key: text("test"),
        s3_use_path_style: true,
        max_retries: 1,
        ..AwsConfig::default()
    };
    (Aws::connect(config, Path::new("/"), SharedHttpClient::new(http.clone())).await.unwrap(), http)
}

const XML: (&str, &str) = ("content-type", "application/xml");

#[tokio::test]
async fn a_bucket_that_is_busy_is_asked_again() {
    let none = "<Error><Code>NoSuchPublicAccessBlockConfiguration</Code></Error>";
    let busy = "<Error><Code>OperationAborted</Code><Message>Try again.</Message></Error>";
    let (aws, http) = replaying(&[(404, XML, none), (409, XML, busy), (409, XML, busy), (200, XML, "")]).await;
    let block = PublicAccessBlock {
        bucket: "lake".to_owned(),
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: false,
        restrict_public_buckets: false,
        id: Computed::Unknown,
    };
    let operation = Operation::new("0".repeat(32), Stop::default(), Duration::from_secs(60), Vec::new());
    let made = SettingType::<PublicAccessBlock>::create(&aws, block, &operation).await.unwrap();
    assert_eq!(made.id, Computed::Known("lake".to_owned()));
    let asked: Vec<_> = http.made().iter().map(|request| format!("{} {}", request.method(), request.uri())).collect();
    let place = "https://s3.us-east-1.amazonaws.com/lake/?publicAccessBlock";
    assert_eq!(asked, [format!("GET {place}"), format!("PUT {place}"), format!("PUT {place}"), format!("PUT {place}")]);
}

#[tokio::test]
async fn the_region_of_a_bucket_is_told_where_s3_refuses_to_answer() {
    let elsewhere = ("x-amz-bucket-region", "eu-central-1");
    let (aws, _) = replaying(&[(301, elsewhere, ""), (404, XML, ""), (301, elsewhere, "")]).await;
    assert_eq!(bucket_region(&aws, "lake").await.unwrap().as_deref(), Some("eu-central-1"));
    assert_eq!(bucket_region(&aws, "nowhere").await.unwrap(), None);
    let open = || Computed::Unknown;
    let asked = BucketData {
        bucket: "lake".to_owned(),
        id: open(),
        arn: open(),
        region: open(),
        bucket_domain_name: open(),
        bucket_regional_domain_name: open(),
    };
    let read = BucketDataType::read(&aws, asked).await.unwrap();
    let host = "lake.s3.eu-central-1.amazonaws.com".to_owned();
    assert_eq!(read.bucket_regional_domain_name, Computed::Known(host));
}
