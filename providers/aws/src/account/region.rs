//! `data "aws_region"`: the region that resources are made in.

use mesh_provider::{Block, Computed, DataSourceType, Failure};

use crate::platform::Aws;

/// The region that resources are made in.
///
/// mesh has no data source for its availability zones: only EC2 knows those, and mesh does without EC2's client.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// Its name, such as `eu-central-1`; another one than the provider's can be written.
    #[mesh(optional)]
    pub region: Computed<String>,
    /// Its name.
    #[mesh(optional, deprecated = "write `region`")]
    pub name: Computed<String>,
    /// What AWS calls it, such as `Europe (Frankfurt)`; null where mesh doesn't know it.
    pub description: Computed<String>,
    /// The host name of EC2 in it.
    pub endpoint: Computed<String>,
    /// Its name.
    pub id: Computed<String>,
}

/// The data source `aws_region`.
pub(crate) struct RegionType;

impl DataSourceType for RegionType {
    const NAME: &'static str = "aws_region";
    type Model = Region;
    type Platform = Aws;

    async fn read(aws: &Aws, config: Region) -> Result<Region, Failure> {
        let region = config.region.known().or(config.name.known()).map_or(aws.region(), String::as_str).to_owned();
        Ok(Region {
            description: called(&region).map(str::to_owned).into(),
            endpoint: Computed::Known(format!("ec2.{region}.{}", aws.dns_suffix())),
            name: Computed::Known(region.clone()),
            id: Computed::Known(region.clone()),
            region: Computed::Known(region),
        })
    }
}

/// What AWS calls a region in its own lists.
fn called(region: &str) -> Option<&'static str> {
    const NAMES: &[(&str, &str)] = &[
        ("af-south-1", "Africa (Cape Town)"),
        ("ap-east-1", "Asia Pacific (Hong Kong)"),
        ("ap-east-2", "Asia Pacific (Taipei)"),
        ("ap-northeast-1", "Asia Pacific (Tokyo)"),
        ("ap-northeast-2", "Asia Pacific (Seoul)"),
        ("ap-northeast-3", "Asia Pacific (Osaka)"),
        ("ap-south-1", "Asia Pacific (Mumbai)"),
        ("ap-south-2", "Asia Pacific (Hyderabad)"),
        ("ap-southeast-1", "Asia Pacific (Singapore)"),
        ("ap-southeast-2", "Asia Pacific (Sydney)"),
        ("ap-southeast-3", "Asia Pacific (Jakarta)"),
        ("ap-southeast-4", "Asia Pacific (Melbourne)"),
        ("ap-southeast-5", "Asia Pacific (Malaysia)"),
        ("ap-southeast-7", "Asia Pacific (Thailand)"),
        ("ca-central-1", "Canada (Central)"),
        ("ca-west-1", "Canada West (Calgary)"),
        ("cn-north-1", "China (Beijing)"),
        ("cn-northwest-1", "China (Ningxia)"),
        ("eu-central-1", "Europe (Frankfurt)"),
        ("eu-central-2", "Europe (Zurich)"),
        ("eu-north-1", "Europe (Stockholm)"),
        ("eu-south-1", "Europe (Milan)"),
        ("eu-south-2", "Europe (Spain)"),
        ("eu-west-1", "Europe (Ireland)"),
        ("eu-west-2", "Europe (London)"),
        ("eu-west-3", "Europe (Paris)"),
        ("il-central-1", "Israel (Tel Aviv)"),
        ("me-central-1", "Middle East (UAE)"),
        ("me-south-1", "Middle East (Bahrain)"),
        ("mx-central-1", "Mexico (Central)"),
        ("sa-east-1", "South America (Sao Paulo)"),
        ("us-east-1", "US East (N. Virginia)"),
        ("us-east-2", "US East (Ohio)"),
        ("us-gov-east-1", "AWS GovCloud (US-East)"),
        ("us-gov-west-1", "AWS GovCloud (US-West)"),
        ("us-west-1", "US West (N. California)"),
        ("us-west-2", "US West (Oregon)"),
    ];
    NAMES.iter().find(|(name, _)| *name == region).map(|(_, called)| *called)
}
