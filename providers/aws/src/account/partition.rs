//! `data "aws_partition"`: what ARNs and host names look like here.

use mesh_provider::{Block, Computed, DataSourceType, Failure};

use crate::platform::Aws;

/// The partition that the provider's region belongs to: what ARNs and host names look like there.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// Its name as ARNs have it: `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: Computed<String>,
    /// What host names end in, such as `amazonaws.com`.
    pub dns_suffix: Computed<String>,
    /// What names of services begin with, such as `com.amazonaws`.
    pub reverse_dns_prefix: Computed<String>,
    /// Its name.
    pub id: Computed<String>,
}

/// The data source `aws_partition`.
pub(crate) struct PartitionType;

impl DataSourceType for PartitionType {
    const NAME: &'static str = "aws_partition";
    type Model = Partition;
    type Platform = Aws;

    async fn read(aws: &Aws, _: Partition) -> Result<Partition, Failure> {
        let reversed = aws.dns_suffix().rsplit('.').collect::<Vec<_>>().join(".");
        Ok(Partition {
            partition: Computed::Known(aws.partition().to_owned()),
            dns_suffix: Computed::Known(aws.dns_suffix().to_owned()),
            reverse_dns_prefix: Computed::Known(reversed),
            id: Computed::Known(aws.partition().to_owned()),
        })
    }
}
