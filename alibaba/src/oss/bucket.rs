//! Buckets: making, describing, listing, deleting them.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Method;

use super::bucket_info::BucketInfo;
use super::call::{Call, Oss};
use super::encryption::Encryption;
use crate::endpoint::Service;
use crate::error::Error;
use crate::region;
use crate::sign::encode;
use crate::xml::{Element, XmlError};

const GET_BUCKET_INFO: &str = "GetBucketInfo";

/// A bucket to be made, with what can be set in the same call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewBucket {
    /// The name, unique among all customers.
    pub bucket: String,
    /// `Standard` (default), `IA`, `Archive`, `ColdArchive`, `DeepColdArchive`.
    pub storage_class: Option<String>,
    /// `LRS` (default) or `ZRS`.
    pub redundancy_type: Option<String>,
    /// `private` (default), `public-read`, `public-read-write`.
    pub acl: Option<String>,
    /// Resource group; the account's default group if unset.
    pub resource_group_id: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Default encryption.
    pub server_side_encryption: Option<Encryption>,
}

/// A bucket in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BucketSummary {
    /// The name.
    pub name: String,
    /// The region id, without prefix.
    pub region: Option<String>,
    /// `oss-<region>`.
    pub location: Option<String>,
    /// When it was made.
    pub creation_date: Option<String>,
    /// Storage class.
    pub storage_class: Option<String>,
    /// Public host.
    pub extranet_endpoint: Option<String>,
    /// Host inside the region.
    pub intranet_endpoint: Option<String>,
    /// Resource group.
    pub resource_group_id: Option<String>,
}

impl BucketSummary {
    fn read(bucket: &Element) -> Result<Self, XmlError> {
        let location = bucket.text("Location");
        let from_location = || location.as_deref().map(|place| region::of_oss_location(place).to_owned());
        Ok(Self {
            name: bucket.required("Name")?,
            region: bucket.text("Region").or_else(from_location),
            creation_date: bucket.text("CreationDate"),
            storage_class: bucket.text("StorageClass"),
            extranet_endpoint: bucket.text("ExtranetEndpoint"),
            intranet_endpoint: bucket.text("IntranetEndpoint"),
            resource_group_id: bucket.text("ResourceGroupId"),
            location,
        })
    }
}

impl Oss {
    /// Makes a bucket in the region. Success does not prove that it was not there before: the owner's own bucket of
    /// the same kind is a success too, and has its ACL overwritten. Look first.
    ///
    /// Must not happen twice: [`Error::LostAnswer`] means that the bucket may be there.
    pub async fn put_bucket(&self, bucket: &NewBucket) -> Result<(), Error> {
        let encryption = bucket.server_side_encryption.as_ref();
        let tags: Vec<String> =
            bucket.tags.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
        let tags = tags.join("&");
        let call = Call::put("PutBucket", &bucket.bucket)
            .once()
            .header_if("x-oss-acl", bucket.acl.as_deref())
            .header_if("x-oss-resource-group-id", bucket.resource_group_id.as_deref())
            .header_if("x-oss-bucket-tagging", Some(tags.as_str()).filter(|tags| !tags.is_empty()))
            .header_if("x-oss-server-side-encryption", encryption.map(|rule| rule.sse_algorithm.as_str()))
            .header_if(
                "x-oss-server-side-encryption-key-id",
                encryption.and_then(|rule| rule.kms_master_key_id.as_deref()),
            )
            .header_if(
                "x-oss-server-side-data-encryption",
                encryption.and_then(|rule| rule.kms_data_encryption.as_deref()),
            )
            .body(
                Element::new("CreateBucketConfiguration")
                    .leaf_if("StorageClass", bucket.storage_class.as_ref())
                    .leaf_if("DataRedundancyType", bucket.redundancy_type.as_ref()),
            );
        self.write(call).await.map(drop)
    }

    /// Describes a bucket. Callers at the same time share one request, which never began before our last write.
    pub async fn get_bucket_info(&self, bucket: &str) -> Result<Arc<BucketInfo>, Error> {
        let read = self.reads.read(self.reads_of(bucket), || {
            let (oss, bucket) = (self.detached(), bucket.to_owned());
            async move {
                let call = Call::get(GET_BUCKET_INFO, &bucket).query("bucketInfo", "");
                let asked = bucket.clone();
                oss.read(call, "BucketInfo", move |root| BucketInfo::read(root, &asked)).await
            }
        });
        self.session.scope.limit(Service::Oss, GET_BUCKET_INFO, read).await
    }

    /// Deletes an empty bucket.
    pub async fn delete_bucket(&self, bucket: &str) -> Result<(), Error> {
        self.write(Call::delete("DeleteBucket", bucket)).await.map(drop)
    }

    /// All buckets of the account, of every region, whose name starts with `prefix`, in the order of their names.
    pub async fn list_buckets(
        &self,
        prefix: &str,
        resource_group_id: Option<&str>,
    ) -> Result<Vec<BucketSummary>, Error> {
        let mut buckets = Vec::new();
        let mut marker = String::new();
        loop {
            let mut call = Call::new("ListBuckets", Method::GET, None)
                .query("max-keys", "1000")
                .header_if("x-oss-resource-group-id", resource_group_id);
            for (name, value) in [("prefix", prefix), ("marker", marker.as_str())] {
                if !value.is_empty() {
                    call = call.query(name, value);
                }
            }
            let after = marker.clone();
            let read = move |root: &Element| read_list(root, &after);
            let (page, next) = self.read(call, "ListAllMyBucketsResult", read).await?;
            buckets.extend(page);
            match next {
                Some(next) => marker = next,
                None => return Ok(buckets),
            }
        }
    }
}

/// A page that follows `after`, and the marker of the next.
fn read_list(root: &Element, after: &str) -> Result<(Vec<BucketSummary>, Option<String>), XmlError> {
    let buckets =
        root.child_of("Buckets")?.all("Bucket").map(BucketSummary::read).collect::<Result<_, _>>()?;
    // All of the paging is left out when everything fits into one answer.
    if root.truth("IsTruncated") != Some(true) {
        return Ok((buckets, None));
    }
    let next = root.required("NextMarker")?;
    // The markers only move forward, so an answer that repeats one would never end.
    if next.as_str() <= after {
        return Err(XmlError::of("NextMarker", "leads to no further page"));
    }
    Ok((buckets, Some(next)))
}
