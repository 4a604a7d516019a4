SELECT * FROM ({plan}) WHERE outcome IS NOT TRUE
