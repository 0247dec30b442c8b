<?php
/**
 * Changes of users on their way.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * A row about a user says only who changed: what there is to say is looked up when it goes out. The row of a user who is gone holds what must be taken back.
 */
final class User_Cargo implements Cargo {

	public function path(): string {
		return 'contacts/batch';
	}

	public function items( array $row ): array {
		$user_id = (int) $row['user_id'];
		// This process may have looked at the user before, and another one changed them since.
		wp_cache_delete( $user_id, 'users' );
		wp_cache_delete( $user_id, 'user_meta' );

		$farewell = (array) ( json_decode( $row['payload'], true )['gone'] ?? array() );
		if ( array() !== $farewell ) {
			$changes = self::removals( $farewell, User_Told::to( $user_id ) );
		} else {
			$user    = get_userdata( $user_id );
			$changes = $user ? ( new User_Changes( User_Sync_Settings::load() ) )->of( $user ) : array();
		}
		$items = array();
		foreach ( $changes as $index => $change ) {
			$key           = $row['submission_key'] . ':' . $index;
			$items[ $key ] = (string) wp_json_encode( array( 'key' => $key ) + $change, JSON_UNESCAPED_SLASHES );
		}
		return array_filter( $items );
	}

	/**
	 * Notes what the gateway knows now. Whoever left a list by themselves stays off it; that is nothing to put right.
	 *
	 * @param array   $row     The row.
	 * @param array[] $results The results.
	 */
	public function hear( array $row, array $results ): array {
		$user_id = (int) $row['user_id'];
		foreach ( $results as $key => $result ) {
			$status = (int) ( $result['status'] ?? 0 );
			$left   = 403 === $status && 'suppressed' === ( $result['problem']['code'] ?? '' );
			if ( $left || ( $status >= 200 && $status < 300 ) ) {
				User_Told::note( $user_id, (array) json_decode( $row['items'][ $key ], true ), $left );
			}
			if ( $left ) {
				unset( $results[ $key ] );
			}
		}
		return $results;
	}

	/**
	 * What to take back of somebody who is gone, except what was told about them since, because they came back.
	 */
	private static function removals( array $farewell, array $told ): array {
		$changes = array();
		foreach ( $farewell as $email => $lists ) {
			foreach ( (array) $lists as $list ) {
				if ( ! isset( $told[ $list ] ) || $told[ $list ]['email'] !== $email ) {
					$changes[] = User_Changes::removal( (string) $email, (string) $list );
				}
			}
		}
		return $changes;
	}
}
