"""From sound to words. Knows neither the store nor YouTube nor the stages."""
