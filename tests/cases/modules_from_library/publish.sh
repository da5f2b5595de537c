# Packs the module in three versions and writes the index, as a maintainer would.
set -e
pack="tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX"
mkdir served/library
for version in 1.0.0 1.1.0 2.0.0; do
  cp -r package "package-$version"
  sed -i "s/VERSION/$version/" "package-$version/bucket/main.tf"
  $pack -czf "served/library/bucket-$version.tar.gz" -C "package-$version" bucket label
  sum=$(sha256sum "served/library/bucket-$version.tar.gz" | cut -d' ' -f1)
  sed -i "s/SUM-$version/$sum/" index.json
done
cp index.json served/library
$pack -cf served/library/label.tar -C package/label main.tf
sed -i "s/SUM/$(sha256sum served/library/label.tar | cut -d' ' -f1)/" main.mesh.hcl
