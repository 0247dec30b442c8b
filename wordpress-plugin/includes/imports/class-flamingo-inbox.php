<?php
/**
 * Flamingo’s inbox.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Reads who agreed to what in the messages that Flamingo (2) keeps: Contact Form 7 hands it the words beside each box that was ticked. Only
 * those words are a stated consent. Flamingo's address book states none, since everybody who ever wrote or commented is in it.
 */
final class Flamingo_Inbox {

	private const POST_TYPE = 'flamingo_inbound';

	private const CHUNK = 500;

	/**
	 * How many people agreed to which words.
	 *
	 * @return array<string,int> By words, the most frequent first.
	 */
	public function wordings(): array {
		$people = array();
		foreach ( $this->agreements() as $agreement ) {
			$people[ $agreement['consent'] ][ $agreement['email'] ] = true;
		}
		$counts = array_map( 'count', $people );
		arsort( $counts );
		return $counts;
	}

	/**
	 * How many messages state no consent.
	 */
	public function silent_messages(): int {
		$silent = 0;
		foreach ( $this->messages() as $message ) {
			$silent += array() === self::words( $message ) ? 1 : 0;
		}
		return $silent;
	}

	/**
	 * Who agreed to these words, each person once, with the first time.
	 *
	 * @return array<string,array{email:string,name:string,consent:string,agreed_at:string,source:string}> By address.
	 */
	public function people( string $words ): array {
		$people = array();
		foreach ( $this->agreements() as $agreement ) {
			if ( $agreement['consent'] === $words ) {
				$people += array( $agreement['email'] => $agreement );
			}
		}
		return $people;
	}

	/**
	 * Each box that was ticked by somebody with an address, oldest first.
	 */
	private function agreements(): iterable {
		foreach ( $this->messages() as $message ) {
			$email = strtolower( trim( $message->email ) );
			foreach ( Email_Address::is_valid( $email ) ? self::words( $message ) : array() as $words ) {
				yield array(
					'email'     => $email,
					'name'      => trim( $message->name ),
					'consent'   => $words,
					'agreed_at' => str_replace( ' ', 'T', $message->sent_at ) . 'Z',
					'source'    => (string) ( self::unpack( $message->meta )['url'] ?? '' ), // The page with the form.
				);
			}
		}
	}

	/**
	 * The words beside the boxes that were ticked.
	 *
	 * @return string[]
	 */
	private static function words( object $message ): array {
		$texts = array_filter( self::unpack( $message->consent ), 'is_string' );
		return array_unique( array_filter( array_map( array( Plain_Text::class, 'of' ), array_values( $texts ) ), 'strlen' ) );
	}

	private static function unpack( ?string $stored ): array {
		return (array) maybe_unserialize( (string) $stored );
	}

	/**
	 * The messages that are no spam, oldest first, read in parts: an inbox may hold many.
	 */
	private function messages(): iterable {
		global $wpdb;
		$last = 0;
		do {
			$rows = $wpdb->get_results(
				$wpdb->prepare(
					"SELECT post.ID AS id, post.post_date_gmt AS sent_at,
						MAX(CASE WHEN meta_key = '_from_email' THEN meta_value ELSE '' END) AS email,
						MAX(CASE WHEN meta_key = '_from_name' THEN meta_value ELSE '' END) AS name,
						MAX(CASE WHEN meta_key = '_consent' THEN meta_value ELSE '' END) AS consent,
						MAX(CASE WHEN meta_key = '_meta' THEN meta_value ELSE '' END) AS meta
					FROM %i AS post LEFT JOIN %i AS about ON about.post_id = post.ID
					WHERE post.post_type = %s AND post.post_status = 'publish' AND post.ID > %d
					GROUP BY post.ID, post.post_date_gmt ORDER BY post.ID LIMIT %d",
					$wpdb->posts,
					$wpdb->postmeta,
					self::POST_TYPE,
					$last,
					self::CHUNK
				)
			);
			foreach ( $rows as $row ) {
				$last = (int) $row->id;
				yield $row;
			}
		} while ( array() !== $rows );
	}
}
