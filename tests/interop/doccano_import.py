"""Imports doccano's files by doccano's own pipeline into a database, and prints what it then holds; runs in doccano's environment.

python doccano_import.py FOLDER FILE.jsonl…
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

APPS = (
    *(
        "api",
        "roles",
        "projects",
        "metrics",
        "users",
        "data_import",
        "auto_labeling",
        "labels",
        "label_types",
        "examples",
    ),
)


def main(folder: Path, files: list[str]) -> None:
    """Import the types of labels and the files, each into a project of its own, and print a JSON object for each."""
    spec = find_spec("backend")
    assert spec is not None
    assert spec.origin is not None
    sys.path.insert(0, str(Path(spec.origin).parent))
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    settings.configure(
        SECRET_KEY="x",  # noqa: S106  # of a database that lives for seconds
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "rest_framework",
            "rest_framework.authtoken",
            "polymorphic",
            "django_drf_filepond",
            *APPS,
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        BASE_DIR=tempfile.gettempdir(),
        MEDIA_ROOT=tempfile.gettempdir(),
        DJANGO_DRF_FILEPOND_UPLOAD_TMP=tempfile.gettempdir(),
        DJANGO_DRF_FILEPOND_FILE_STORE_PATH=tempfile.gettempdir(),
        ROLE_PROJECT_ADMIN="project_admin",
        ROLE_ANNOTATOR="annotator",
        ROLE_ANNOTATION_APPROVER="annotation_approver",
        IMPORT_BATCH_SIZE=2,
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0, run_syncdb=True)
    for file in files:
        print(json.dumps(load(folder, file)))  # noqa: T201  # what the test reads


def load(folder: Path, file: str) -> dict[str, Any]:
    """Import one file as a user of doccano does who asks for JSONL(Relation)."""
    from data_import.datasets import load_dataset  # noqa: PLC0415
    from data_import.pipeline.catalog import JSONL, RELATION_EXTRACTION  # noqa: PLC0415
    from data_import.pipeline.readers import FileName  # noqa: PLC0415
    from django.contrib.auth.models import User  # noqa: PLC0415
    from label_types.serializers import RelationTypeSerializer, SpanTypeSerializer  # noqa: PLC0415
    from label_types.views import camel_to_snake_dict  # noqa: PLC0415
    from labels.models import Relation, Span  # noqa: PLC0415
    from projects.models import ProjectType, SequenceLabelingProject  # noqa: PLC0415

    user = User.objects.create(username=file)
    project = SequenceLabelingProject.objects.create(
        name=file,
        project_type=ProjectType.SEQUENCE_LABELING,
        created_by=user,
        allow_overlapping=True,
        use_relation=True,
    )
    for config, serializer_class in (
        ("label_config.json", SpanTypeSerializer),
        ("relation_config.json", RelationTypeSerializer),
    ):
        types = [camel_to_snake_dict(each) for each in json.loads((folder / config).read_text())]
        serializer = serializer_class(data=types, many=True)
        serializer.is_valid(raise_exception=True)
        serializer.save(project_id=project.id)
    names = [FileName(full_path=str(folder / file), generated_name=file, upload_name=file)]
    dataset = load_dataset(RELATION_EXTRACTION, JSONL, names, project, encoding="Auto")
    dataset.save(user)
    texts = [
        {
            "text": example.text,
            "meta": example.meta,
            "spans": [
                [each.id, each.start_offset, each.end_offset, each.label.text]
                for each in Span.objects.filter(example=example).order_by("id")
            ],
            "relations": [
                [each.from_id_id, each.to_id_id, each.type.text]
                for each in Relation.objects.filter(example=example).order_by("id")
            ],
        }
        for example in project.examples.order_by("id")
    ]
    return {"file": file, "errors": [str(error) for error in dataset.errors], "texts": texts}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
