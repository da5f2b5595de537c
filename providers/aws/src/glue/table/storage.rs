//! Where a table's data is, in which format, and with which columns.

use aws_sdk_glue::types as glue;
use mesh_provider::{Block, Failure};

use super::super::number;
use super::super::shown::{self, Parameters};
use crate::failure::incomplete;

/// What an Iceberg table's columns are told apart by; those who write to it keep it among a column's parameters.
const ICEBERG_FIELD: &str = "iceberg.field.";

/// A column.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name.
    pub name: String,
    /// Its type, such as `string`, `decimal(18,2)`, `struct<a:int>`.
    pub r#type: Option<String>,
    /// What it holds.
    pub comment: Option<String>,
    /// Its properties.
    pub parameters: Option<Parameters>,
}

/// Where a table's data is, in which format, and with which columns.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StorageDescriptor {
    /// Where the data is, such as `s3://landing/orders/`.
    pub location: Option<String>,
    /// Further places with data, as Delta tables have them.
    pub additional_locations: Option<Vec<String>>,
    /// The columns, but for those that the table is partitioned by.
    #[mesh(block)]
    pub columns: Vec<Column>,
    /// The class that reads files, such as `org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat`.
    pub input_format: Option<String>,
    /// The class that writes files.
    pub output_format: Option<String>,
    /// Whether the files are compressed.
    #[mesh(default = false)]
    pub compressed: bool,
    /// Whether the data is in directories below the location.
    #[mesh(default = false)]
    pub stored_as_sub_directories: bool,
    /// How records are read and written.
    #[mesh(block)]
    pub ser_de_info: Option<SerDeInfo>,
    /// Into how many buckets rows are put.
    pub number_of_buckets: Option<i64>,
    /// By which columns rows are put into buckets.
    pub bucket_columns: Option<Vec<String>>,
    /// How rows are sorted in each bucket.
    #[mesh(block)]
    pub sort_columns: Vec<SortColumn>,
    /// Values that are very frequent.
    #[mesh(block)]
    pub skewed_info: Option<SkewedInfo>,
    /// The schema in the registry that says what the columns are, instead of `columns`.
    #[mesh(block)]
    pub schema_reference: Option<SchemaReference>,
    /// Properties of the storage.
    pub parameters: Option<Parameters>,
}

/// How records are read and written.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SerDeInfo {
    /// A name for it.
    pub name: Option<String>,
    /// The class, such as `org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe`.
    pub serialization_library: Option<String>,
    /// What the class is told, such as `field.delim`.
    pub parameters: Option<Parameters>,
}

/// A column that rows are sorted by.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SortColumn {
    /// Its name.
    pub column: String,
    /// 1 for ascending, 0 for descending.
    pub sort_order: i64,
}

/// Values that are very frequent.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SkewedInfo {
    /// The columns that hold them.
    pub skewed_column_names: Option<Vec<String>>,
    /// The values.
    pub skewed_column_values: Option<Vec<String>>,
    /// Where the rows of each value are.
    pub skewed_column_value_location_maps: Option<Parameters>,
}

/// A version of a schema in the registry.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaReference {
    /// The schema. Either this or `schema_version_id`.
    #[mesh(block)]
    pub schema_id: Option<SchemaId>,
    /// The id of the version. Either this or `schema_id`.
    pub schema_version_id: Option<String>,
    /// The number of the version.
    pub schema_version_number: i64,
}

/// A schema in the registry.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaId {
    /// Its ARN. Either this or its and its registry's name.
    pub schema_arn: Option<String>,
    /// Its name.
    pub schema_name: Option<String>,
    /// Its registry's name.
    pub registry_name: Option<String>,
}

impl Column {
    /// Columns as the catalog has them. `current` are those that the state knows.
    pub(super) fn seen(current: &[Self], there: &[glue::Column]) -> Vec<Self> {
        let seen = there.iter().map(|column| {
            let known = current.iter().find(|known| known.name == column.name);
            let own = known.and_then(|known| known.parameters.as_ref());
            let parameters = column.parameters().map(|parameters| {
                let written = |key: &String| own.is_some_and(|own| own.contains_key(key));
                let shown = parameters.iter().filter(|(key, _)| !key.starts_with(ICEBERG_FIELD) || written(key));
                shown.map(|(key, value)| (key.clone(), value.clone())).collect()
            });
            Self {
                name: column.name.clone(),
                r#type: shown::text(known.and_then(|known| known.r#type.as_ref()), column.r#type()),
                comment: shown::text(known.and_then(|known| known.comment.as_ref()), column.comment()),
                parameters: shown::map(own, parameters.as_ref()),
            }
        });
        seen.collect()
    }

    /// Columns as a request holds them, with what others keep about those that are there.
    pub(super) fn sent(columns: &[Self], there: &[glue::Column]) -> Result<Vec<glue::Column>, Failure> {
        let sent = columns.iter().map(|column| {
            let mut parameters = shown::sent(column.parameters.as_ref());
            let before = there.iter().find(|before| before.name == column.name);
            for (key, value) in before.and_then(glue::Column::parameters).into_iter().flatten() {
                if key.starts_with(ICEBERG_FIELD) {
                    parameters.get_or_insert_default().entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
            glue::Column::builder()
                .name(&column.name)
                .set_type(column.r#type.clone())
                .set_comment(column.comment.clone())
                .set_parameters(parameters)
                .build()
                .map_err(incomplete)
        });
        sent.collect()
    }
}

impl StorageDescriptor {
    /// The storage as the catalog has it; `None` where it says nothing and nothing is written.
    pub(super) fn seen(current: Option<&Self>, there: &glue::StorageDescriptor) -> Option<Self> {
        let blank = Self::default();
        let own = current.unwrap_or(&blank);
        // A schema in the registry yields the columns: they are its, not the table's.
        let by_schema = own.schema_reference.is_some() && own.columns.is_empty();
        let seen = Self {
            location: shown::text(own.location.as_ref(), there.location()),
            additional_locations: shown::list(own.additional_locations.as_ref(), there.additional_locations()),
            columns: if by_schema { Vec::new() } else { Column::seen(&own.columns, there.columns()) },
            input_format: shown::text(own.input_format.as_ref(), there.input_format()),
            output_format: shown::text(own.output_format.as_ref(), there.output_format()),
            compressed: there.compressed(),
            stored_as_sub_directories: there.stored_as_sub_directories(),
            ser_de_info: SerDeInfo::seen(own.ser_de_info.as_ref(), there.serde_info()),
            number_of_buckets: shown::number(own.number_of_buckets, there.number_of_buckets()),
            bucket_columns: shown::list(own.bucket_columns.as_ref(), there.bucket_columns()),
            sort_columns: there.sort_columns().iter().map(SortColumn::seen).collect(),
            skewed_info: SkewedInfo::seen(own.skewed_info.as_ref(), there.skewed_info()),
            schema_reference: there.schema_reference().map(|there| SchemaReference::seen(own, there)),
            parameters: shown::map(own.parameters.as_ref(), there.parameters()),
        };
        (current.is_some() || seen != blank).then_some(seen)
    }

    /// The storage as a request holds it, with what others keep about the columns that are there.
    pub(super) fn sent(&self, there: Option<&glue::StorageDescriptor>) -> Result<glue::StorageDescriptor, Failure> {
        let there = there.map_or(&[][..], glue::StorageDescriptor::columns);
        let sort = self.sort_columns.iter().map(SortColumn::sent).collect::<Result<_, _>>()?;
        let described = glue::StorageDescriptor::builder()
            .set_location(self.location.clone())
            .set_additional_locations(self.additional_locations.clone())
            .set_columns(Some(Column::sent(&self.columns, there)?))
            .set_input_format(self.input_format.clone())
            .set_output_format(self.output_format.clone())
            .compressed(self.compressed)
            .stored_as_sub_directories(self.stored_as_sub_directories)
            .set_serde_info(self.ser_de_info.as_ref().map(SerDeInfo::sent))
            .set_number_of_buckets(self.number_of_buckets.map(number))
            .set_bucket_columns(self.bucket_columns.clone())
            .set_sort_columns(Some(sort))
            .set_skewed_info(self.skewed_info.as_ref().map(SkewedInfo::sent))
            .set_schema_reference(self.schema_reference.as_ref().map(SchemaReference::sent))
            .set_parameters(shown::sent(self.parameters.as_ref()));
        Ok(described.build())
    }
}

impl SerDeInfo {
    fn seen(current: Option<&Self>, there: Option<&glue::SerDeInfo>) -> Option<Self> {
        let seen = Self {
            name: shown::text(current.and_then(|own| own.name.as_ref()), there.and_then(|there| there.name())),
            serialization_library: shown::text(
                current.and_then(|own| own.serialization_library.as_ref()),
                there.and_then(|there| there.serialization_library()),
            ),
            parameters: shown::map(
                current.and_then(|own| own.parameters.as_ref()),
                there.and_then(|there| there.parameters()),
            ),
        };
        let Self { name, serialization_library, parameters } = &seen;
        let says = name.is_some() || serialization_library.is_some() || parameters.is_some();
        (says || current == Some(&seen)).then_some(seen)
    }

    fn sent(&self) -> glue::SerDeInfo {
        glue::SerDeInfo::builder()
            .set_name(self.name.clone())
            .set_serialization_library(self.serialization_library.clone())
            .set_parameters(shown::sent(self.parameters.as_ref()))
            .build()
    }
}

impl SortColumn {
    fn seen(there: &glue::Order) -> Self {
        Self { column: there.column.clone(), sort_order: there.sort_order.into() }
    }

    fn sent(&self) -> Result<glue::Order, Failure> {
        glue::Order::builder().column(&self.column).sort_order(number(self.sort_order)).build().map_err(incomplete)
    }
}

impl SkewedInfo {
    fn seen(current: Option<&Self>, there: Option<&glue::SkewedInfo>) -> Option<Self> {
        let own = |list: fn(&Self) -> Option<&Vec<String>>| current.and_then(list);
        let (names, values) =
            there.map_or((&[][..], &[][..]), |there| (there.skewed_column_names(), there.skewed_column_values()));
        let seen = Self {
            skewed_column_names: shown::list(own(|own| own.skewed_column_names.as_ref()), names),
            skewed_column_values: shown::list(own(|own| own.skewed_column_values.as_ref()), values),
            skewed_column_value_location_maps: shown::map(
                current.and_then(|own| own.skewed_column_value_location_maps.as_ref()),
                there.and_then(|there| there.skewed_column_value_location_maps()),
            ),
        };
        let Self { skewed_column_names: names, skewed_column_values: values, skewed_column_value_location_maps: maps } =
            &seen;
        let says = names.is_some() || values.is_some() || maps.is_some();
        (says || current == Some(&seen)).then_some(seen)
    }

    fn sent(&self) -> glue::SkewedInfo {
        glue::SkewedInfo::builder()
            .set_skewed_column_names(self.skewed_column_names.clone())
            .set_skewed_column_values(self.skewed_column_values.clone())
            .set_skewed_column_value_location_maps(shown::sent(self.skewed_column_value_location_maps.as_ref()))
            .build()
    }
}

impl SchemaReference {
    fn seen(own: &StorageDescriptor, there: &glue::SchemaReference) -> Self {
        let own = own.schema_reference.as_ref();
        // Of the two ways to name a schema, Glue may show both.
        let by_id = own.is_none_or(|own| own.schema_id.is_some());
        let by_version = own.is_none_or(|own| own.schema_version_id.is_some());
        Self {
            schema_id: there.schema_id().filter(|_| by_id).map(|id| SchemaId {
                schema_arn: id.schema_arn().map(str::to_owned),
                schema_name: id.schema_name().map(str::to_owned),
                registry_name: id.registry_name().map(str::to_owned),
            }),
            schema_version_id: there.schema_version_id().filter(|_| by_version).map(str::to_owned),
            schema_version_number: there.schema_version_number().unwrap_or_default(),
        }
    }

    fn sent(&self) -> glue::SchemaReference {
        let id = self.schema_id.as_ref().map(|id| {
            glue::SchemaId::builder()
                .set_schema_arn(id.schema_arn.clone())
                .set_schema_name(id.schema_name.clone())
                .set_registry_name(id.registry_name.clone())
                .build()
        });
        glue::SchemaReference::builder()
            .set_schema_id(id)
            .set_schema_version_id(self.schema_version_id.clone())
            .schema_version_number(self.schema_version_number)
            .build()
    }
}
