//! The data source `aws_s3_bucket`: where a bucket that exists is.

use mesh_provider::{Block, Computed, DataSourceType, Failure, Permissions};
use mesh_value::AttributePath;

use super::bucket_region;
use crate::platform::Aws;

/// A bucket that exists, whoever made it.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct BucketData {
    /// Its name.
    pub bucket: String,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Its region.
    pub region: Computed<String>,
    /// Its host name, such as `landing.s3.amazonaws.com`.
    pub bucket_domain_name: Computed<String>,
    /// Its host name in its region.
    pub bucket_regional_domain_name: Computed<String>,
}

/// The data source `aws_s3_bucket`.
pub(crate) struct BucketDataType;

impl DataSourceType for BucketDataType {
    const NAME: &'static str = "aws_s3_bucket";
    const PERMISSIONS: Permissions = Permissions { read: &["s3:ListBucket"], ..Permissions::NONE };
    type Model = BucketData;
    type Platform = Aws;

    async fn read(aws: &Aws, config: BucketData) -> Result<BucketData, Failure> {
        let name = config.bucket;
        let Some(region) = bucket_region(aws, &name).await? else {
            let detail =
                format!("There is no bucket `{name}`. Check its name, and which account the provider works in.");
            return Err(Failure::new("No such bucket", detail).at(&AttributePath::attr("bucket")));
        };
        let suffix = aws.dns_suffix();
        Ok(BucketData {
            id: Computed::Known(name.clone()),
            arn: Computed::Known(format!("arn:{}:s3:::{name}", aws.partition())),
            bucket_domain_name: Computed::Known(format!("{name}.s3.{suffix}")),
            bucket_regional_domain_name: Computed::Known(format!("{name}.s3.{region}.{suffix}")),
            region: Computed::Known(region),
            bucket: name,
        })
    }
}
