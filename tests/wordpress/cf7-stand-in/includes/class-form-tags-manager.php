<?php
/**
 * Knows the types of form-tags, finds the tags in a form and replaces them by their HTML.
 */
class WPCF7_FormTagsManager {

	private static $instance;

	private $tag_types = array();
	private $scanned   = array();

	private function __construct() {}

	public static function get_instance() {
		return self::$instance ??= new self();
	}

	public function add( $tag_types, $callback, $features = '' ) {
		$features = true === $features ? array( 'name-attr' => true ) : wp_parse_args( $features, array() );
		foreach ( (array) $tag_types as $type ) {
			$this->tag_types[ $type ] ??= compact( 'callback', 'features' );
		}
	}

	public function remove( $tag_type ) {
		unset( $this->tag_types[ $tag_type ] );
	}

	public function tag_type_exists( $tag_type ) {
		return isset( $this->tag_types[ $tag_type ] );
	}

	/** True when the type has at least one of the features. */
	public function tag_type_supports( $tag_type, $features ) {
		foreach ( (array) $features as $feature ) {
			if ( ! empty( $this->tag_types[ $tag_type ]['features'][ $feature ] ) ) {
				return true;
			}
		}
		return false;
	}

	public function get_scanned_tags() {
		return $this->scanned;
	}

	public function scan( $content, $replace = false ) {
		$this->scanned = array();
		$replaced      = preg_replace_callback( $this->regex(), fn ( $match ) => $this->read( $match, $replace ), $content );
		return $replace ? $replaced : $this->scanned;
	}

	public function replace_all( $content ) {
		return $this->scan( $content, true );
	}

	/** Keeps the tags that meet every condition given: type, basetype, name, feature ("!" in front negates). */
	public function filter( $tags, $cond ) {
		$cond   = wp_parse_args( $cond, array() );
		$wanted = static fn ( $key, $value ) => empty( $cond[ $key ] ) || in_array( $value, (array) $cond[ $key ], true );
		$has    = function ( $type ) use ( $cond ) {
			foreach ( (array) ( $cond['feature'] ?? array() ) as $feature ) {
				$name    = ltrim( $feature, '! ' );
				$negated = str_starts_with( trim( $feature ), '!' );
				if ( $negated === $this->tag_type_supports( $type, $name ) ) {
					return false;
				}
			}
			return true;
		};
		return array_values(
			array_filter(
				$tags,
				static fn ( $tag ) => $wanted( 'type', $tag->type ) && $wanted( 'basetype', $tag->basetype )
					&& $wanted( 'name', $tag->name ) && $has( $tag->type )
			)
		);
	}

	private function regex() {
		$types = implode( '|', array_map( static fn ( $type ) => preg_quote( $type, '~' ), array_keys( $this->tag_types ) ) );
		return "~(?<open>\[?)\[(?<type>{$types})(?:\s+(?<attr>[^\]]*?))?\s*/?\](?:(?<content>[^\[]*)\[/\k<type>\])?(?<close>\]?)~u";
	}

	private function read( $match, $replace ) {
		if ( '' !== $match['open'] && '' !== $match['close'] ) {
			return substr( $match[0], 1, -1 ); // [[text]] is not a tag.
		}

		preg_match_all( '/"([^"]*)"|\'([^\']*)\'|(\S+)/', $match['attr'] ?? '', $parts, PREG_SET_ORDER );
		$options = array();
		$values  = array();
		foreach ( $parts as $part ) {
			if ( isset( $part[3] ) ) {
				$options[] = $part[3];
			} else {
				$values[] = trim( $part[2] ?? $part[1] );
			}
		}

		$type     = $match['type'];
		$raw_name = $this->tag_type_supports( $type, 'name-attr' ) ? (string) array_shift( $options ) : '';
		if ( $this->tag_type_supports( $type, 'name-attr' ) && ! wpcf7_is_name( $raw_name ) ) {
			return $match[0];
		}

		$pipes = new WPCF7_Pipes( $values );
		$tag   = apply_filters(
			'wpcf7_form_tag',
			array(
				'type'       => $type,
				'basetype'   => trim( $type, '*' ),
				'raw_name'   => $raw_name,
				'name'       => strtr( $raw_name, '.', '_' ),
				'options'    => $options,
				'raw_values' => $values,
				'values'     => $pipes->collect_befores(),
				'pipes'      => $pipes,
				'labels'     => $pipes->collect_befores(),
				'content'    => trim( $match['content'] ?? '' ),
			),
			$replace
		);

		$this->scanned[] = $tag = new WPCF7_FormTag( $tag );
		if ( ! $replace ) {
			return $match[0];
		}
		return $match['open'] . call_user_func( $this->tag_types[ $type ]['callback'], $tag ) . $match['close'];
	}
}
