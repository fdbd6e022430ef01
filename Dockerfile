# One image per app: docker build --build-arg APP=ohio-server .

FROM node:24-bookworm-slim AS build
WORKDIR /farm
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci --no-update-notifier
ARG APP
RUN npm run build --no-update-notifier --workspace "apps/$APP"

FROM node:24-bookworm-slim
ARG APP
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build "/farm/apps/$APP/dist/" ./
USER node
ENTRYPOINT ["node", "main.js"]
