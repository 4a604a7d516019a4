SELECT code, now FROM lineage WHERE code <> now
