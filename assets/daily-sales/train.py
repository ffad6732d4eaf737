"""Learn a franchise's revenue of a day from its weekday and the day before, and register the model.

The last day is kept back, and the error on it is logged beside that of a plain guess: the franchise's average. A model
that is no better than the guess is logged but not registered.
"""

import argparse

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from pyspark.sql import SparkSession
from sklearn.compose import make_column_transformer
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

FEATURES = ["franchise_id", "weekday", "day_before"]
FEWEST_DAYS = 3


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalog", required=True)
    parser.add_argument("--schema", required=True)
    parser.add_argument("--experiment", default="/Shared/daily-sales", help="workspace path of the MLflow experiment")
    return parser.parse_args()


def examples(revenue: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each franchise and day that has a day before it. A day without a sale is a revenue of 0."""
    complete = revenue.pivot(index="day", columns="franchise_id", values="revenue").asfreq("D").fillna(0)
    rows = complete.melt(ignore_index=False, value_name="revenue").reset_index()
    rows["weekday"] = rows["day"].dt.day_of_week
    rows["day_before"] = rows.groupby("franchise_id")["revenue"].shift(1)
    return rows.dropna()


def main() -> None:
    asked = arguments()
    name = f"{asked.catalog}.{asked.schema}.revenue_forecast"
    table = f"`{asked.catalog}`.`{asked.schema}`.daily_revenue"

    spark = SparkSession.builder.getOrCreate()
    revenue = spark.table(table).select("day", "franchise_id", "revenue").toPandas()
    revenue["day"] = pd.to_datetime(revenue["day"])
    if revenue["day"].nunique() < FEWEST_DAYS:
        raise SystemExit(f"{table} has {revenue['day'].nunique()} days; {FEWEST_DAYS} are the fewest to learn from")

    rows = examples(revenue)
    last_day = rows["day"].max()
    seen, kept_back = rows[rows["day"] < last_day], rows[rows["day"] == last_day]

    model = make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), ["franchise_id", "weekday"]), remainder="passthrough"
        ),
        Ridge(),
    )
    model.fit(seen[FEATURES], seen["revenue"])
    guess = kept_back["franchise_id"].map(seen.groupby("franchise_id")["revenue"].mean())
    error = mean_absolute_error(kept_back["revenue"], model.predict(kept_back[FEATURES]))
    error_of_guess = mean_absolute_error(kept_back["revenue"], guess)

    mlflow.set_registry_uri("databricks-uc")
    mlflow.set_experiment(asked.experiment)
    with mlflow.start_run(run_name=f"revenue until {last_day:%Y-%m-%d}"):
        mlflow.log_params({"source": table, "days": rows["day"].nunique(), "kept_back": f"{last_day:%Y-%m-%d}"})
        mlflow.log_metrics({"mae": error, "mae_of_guess": error_of_guess})
        mlflow.sklearn.log_model(
            model,
            "model",
            signature=infer_signature(seen[FEATURES], seen["revenue"]),
            registered_model_name=name if error < error_of_guess else None,
        )
    print(f"mean absolute error {error:.1f}, of the plain guess {error_of_guess:.1f}")


if __name__ == "__main__":
    main()
