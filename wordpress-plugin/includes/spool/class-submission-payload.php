<?php
/**
 * Submissions on their way.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * A submission goes out exactly as it was stored.
 */
final class Submission_Payload implements Payload {

	public function carries( array $row ): bool {
		return 0 === (int) $row['user_id'];
	}

	public function path(): string {
		return 'submissions/batch';
	}

	public function items( array $row ): array {
		return array( $row['submission_key'] => $row['payload'] );
	}

	public function handle_results( array $row, array $results ): array {
		return $results;
	}
}
