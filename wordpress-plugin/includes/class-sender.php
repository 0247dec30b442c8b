<?php
/**
 * Sends the spool to the gateway.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Hands waiting submissions over in batches and notes what became of each. May run at any time, also beside itself.
 */
final class Sender {

	public const BATCH_ITEMS = 50;
	public const BATCH_BYTES = 3 * MB_IN_BYTES;

	/**
	 * No new batch is begun after this many seconds, so that a run ends before hosts end it.
	 */
	private const TIME_BUDGET = 20;

	/**
	 * Statuses that mean: the gateway will never take this as it is.
	 */
	private const REFUSED = array( 400, 409, 413, 422 );

	/**
	 * Statuses that mean: the gateway will take nothing from us until a person has looked.
	 */
	private const SHUT_OUT = array( 401, 403, 404 );

	private Settings $settings;

	private Spool $spool;

	private Gateway_Client $client;

	public function __construct( Settings $settings, Spool $spool, Gateway_Client $client ) {
		$this->settings = $settings;
		$this->spool    = $spool;
		$this->client   = $client;
	}

	/**
	 * Sends what is due.
	 */
	public function run(): void {
		$this->spool->purge();
		$connection = $this->settings->connection();
		$end        = time() + self::TIME_BUDGET;
		if ( ! $connection instanceof Connection ) {
			return;
		}
		while ( time() < $end && $this->may_send() ) {
			$rows = $this->claim();
			if ( array() === $rows || ! $this->send( $connection, $rows ) ) {
				return;
			}
		}
	}

	private function may_send(): bool {
		return '' === $this->settings->pause_reason() && ! $this->settings->is_on_hold();
	}

	/**
	 * Claims one batch that the gateway's size limit lets through.
	 */
	private function claim(): array {
		$batch = array();
		$bytes = 0;
		foreach ( $this->spool->claim( self::BATCH_ITEMS ) as $row ) {
			$bytes += strlen( $row['payload'] );
			if ( array() === $batch || $bytes < self::BATCH_BYTES ) {
				$batch[] = $row;
			} else {
				$this->spool->release( $row );
			}
		}
		return $batch;
	}

	/**
	 * Sends one batch.
	 *
	 * @return bool Whether it makes sense to go on.
	 */
	private function send( Connection $connection, array $rows ): bool {
		$answer = $this->client->submit( $connection, array_column( $rows, 'payload' ) );

		if ( 200 === $answer->status && isset( $answer->json['results'] ) && is_array( $answer->json['results'] ) ) {
			$this->settle( $rows, array_values( $answer->json['results'] ) );
			return true;
		}
		if ( in_array( $answer->status, self::SHUT_OUT, true ) ) {
			$this->settings->pause( Explanation::of( $answer, $connection->host() ) );
			array_walk( $rows, array( $this->spool, 'release' ) );
			return false;
		}
		if ( in_array( $answer->status, self::REFUSED, true ) ) {
			return $this->narrow_down( $connection, $rows, $answer );
		}

		$wait = $answer->retry_after();
		if ( $wait > 0 ) {
			$this->settings->hold( $wait );
		}
		foreach ( $rows as $row ) {
			$this->spool->postpone( $row, Explanation::of( $answer, $connection->host() ), $wait );
		}
		return false;
	}

	/**
	 * A batch was refused as a whole: parks the row that is to blame, found by sending the halves.
	 */
	private function narrow_down( Connection $connection, array $rows, Answer $answer ): bool {
		if ( 1 === count( $rows ) ) {
			$this->spool->park( $rows[0], Answer::reason( $answer->json ) ?: Explanation::of( $answer, $connection->host() ) );
			return true;
		}
		list( $first, $second ) = array_chunk( $rows, (int) ceil( count( $rows ) / 2 ) );
		if ( $this->send( $connection, $first ) ) {
			return $this->send( $connection, $second );
		}
		array_walk( $second, array( $this->spool, 'release' ) );
		return false;
	}

	/**
	 * Notes the result of each item.
	 *
	 * @param array[] $rows    The rows sent.
	 * @param array[] $results What the gateway said to each, in the same order. The key is missing where it could not read the item.
	 */
	private function settle( array $rows, array $results ): void {
		foreach ( $rows as $index => $row ) {
			$result  = (array) ( $results[ $index ] ?? array() );
			$belongs = in_array( $result['key'] ?? null, array( null, $row['submission_key'] ), true );
			$this->settle_one( $row, $belongs ? $result : array() );
		}
	}

	private function settle_one( array $row, array $result ): void {
		$status = (int) ( $result['status'] ?? 0 );
		$reason = Answer::reason( (array) ( $result['problem'] ?? array() ) );
		if ( $status >= 200 && $status < 300 ) {
			$this->spool->deliver( $row, (string) ( $result['id'] ?? '' ) );
		} elseif ( in_array( $status, self::REFUSED, true ) ) {
			/* translators: %d: HTTP status such as 422 */
			$this->spool->park( $row, $reason ?: sprintf( __( 'The gateway refused it with status %d.', 'gateway-connector' ), $status ) );
		} else {
			$this->spool->postpone( $row, $reason ?: __( 'The gateway asks to try again later.', 'gateway-connector' ) );
		}
	}
}
