process RECOMMENDER_RECOMMEND {
    tag "$meta.id"
    label 'process_single'

    conda "${moduleDir}/environment.yml"
    container "ferroptosis-recommender:2.0.0"

    input:
    tuple val(meta), path(profile)

    output:
    tuple val(meta), path("*.json"), emit: json
    tuple val(meta), path("*.html"), emit: html
    tuple val("${task.process}"), val('ferroptosis-recommender'), eval('recommender --version'), emit: versions_recommender, topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def args   = task.ext.args ?: ''
    def args2  = task.ext.args2 ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}.recommendation"
    if ("${profile}" == "${prefix}.json") error "The profile would be overwritten: set task.ext.prefix"
    """
    recommender recommend \\
        $args \\
        --format json \\
        --output ${prefix}.json \\
        $profile

    recommender report \\
        $args2 \\
        --format html \\
        --output ${prefix}.html \\
        $profile
    """

    stub:
    def prefix = task.ext.prefix ?: "${meta.id}.recommendation"
    """
    echo '{"label": "PRECLINICAL EVIDENCE"}' > ${prefix}.json
    echo '<!doctype html><title>PRECLINICAL EVIDENCE</title>' > ${prefix}.html
    """
}
